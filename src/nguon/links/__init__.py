"""Links to other systems: our alerts published as signed CAP, and the CAP alerts of others received."""
