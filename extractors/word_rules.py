"""Rules that are lists of words with their proof, as the rule files of projects and states have them."""

from typing import Generic, TypeVar

from pydantic import Field

from extractors.rulebook import RuleModel

Words = tuple[str, ...]


class WordRule(RuleModel):
    """A rule with its words and its proof: ``examples`` maps a print to its values joined by blanks."""

    id: str
    about: str
    words: Words = ()
    before: Words = ()
    after: Words = ()
    examples: dict[str, str] = Field(default_factory=dict)
    near_misses: Words = ()


R = TypeVar("R", bound=WordRule)


class WordRules(RuleModel, Generic[R]):
    """What a rule file of such rules has at least."""

    rules: tuple[R, ...]

    def rule(self, rule_id: str) -> R:
        """Return the rule of that id; raises ``KeyError``."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)
