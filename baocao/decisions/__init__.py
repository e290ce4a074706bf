"""What a person decides, always signed and always in the audit book."""
