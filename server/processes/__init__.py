"""The processes beside the server: a zygote that has imported everything, and the workers that it forks."""
