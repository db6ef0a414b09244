"""What a fact is: values, mentions, relations and issues. Standard library and pydantic only; no I/O."""
