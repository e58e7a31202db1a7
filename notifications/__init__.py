"""What tells people: messages in the inbox and by e-mail from the outbox's rows, and letters as PDF."""
