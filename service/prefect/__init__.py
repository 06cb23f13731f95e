"""What the program needs of Prefect: its server, deployments, runs and automations."""
