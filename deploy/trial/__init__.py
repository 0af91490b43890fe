"""A trial on a cluster: everything that `make deploy-trial` does, again and again to the same end.

    __main__    the command, and its steps
    cluster     kubectl, and what a cluster says through it
    secrets     passwords and keys, made by lot where they are not there, and never shown
    waiting     until everything is ready, or somebody has to do something

Nothing of the system is imported, and nothing is kept on this machine.
"""
