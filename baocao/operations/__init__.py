"""Looking after the house: doctor, backup, restore, export."""
