"""The CRM: its words, its rules, its tables and transactions. Knows nothing of Slack's API."""
