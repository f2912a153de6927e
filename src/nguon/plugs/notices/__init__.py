"""Ways of telling people on duty. Which ones a server has stands in its settings; without any, a loud twin."""
