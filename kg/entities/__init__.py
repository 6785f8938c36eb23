"""What names are known, and which entity a mention means."""
