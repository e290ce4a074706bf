"""What the flows share: parameters, alerts, where tasks run, who does a run."""
