"""The engine spu: SecretFlow SPU in an environment and a process of its own, spoken to over pipes."""
