"""What people set right: read from files in version control, and applied where facts are found."""
