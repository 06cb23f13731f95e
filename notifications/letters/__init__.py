"""What letters say beside their prompts: content, attachments and calendar events, read from the record at sending."""
