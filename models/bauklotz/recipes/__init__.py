"""How each of the bauklotz networks is trained."""
