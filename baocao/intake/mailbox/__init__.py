"""Reports by mail: messages opened, decided on, entered once, answered."""
