"""Links of sites that lead nowhere: looked for at night, told to the owner, never to the public."""
