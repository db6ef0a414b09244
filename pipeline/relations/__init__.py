"""From mentions to facts: participations, milestones and statuses, by rules over sentences and table rows."""
