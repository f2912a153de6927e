"""Services that speak, as their documents describe them: real HTTP on this machine, real speech by espeak-ng."""
