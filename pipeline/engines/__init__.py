"""Ways to map documents: in this process, in worker processes, on a Dask cluster."""
