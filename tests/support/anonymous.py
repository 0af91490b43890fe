"""Who is asked for no name: who answers a survey, or holds the ledger against what was signed."""

ANONYMOUS_OPERATIONS = {
    ("survey", "list_questionnaires"),
    ("survey", "answer"),
    ("survey", "list_ballot_keys"),
    ("survey", "list_receipts"),
    ("survey", "exchange_invitation"),
    ("survey", "cast_ballot"),
    ("ranking", "list_checkpoints"),
    ("ranking", "read_latest_checkpoint"),
    ("ranking", "read_checkpoint"),
    ("ranking", "cosign_checkpoint"),
    ("ranking", "read_log_key"),
    ("ranking", "prove_inclusion"),
    ("ranking", "prove_consistency"),
}
