"""What whoever holds everything guesses about comments: whose each is, and who wrote none."""

from collections.abc import Sequence

from tests.linking.attack import Guess, Held, guesses, guesses_of_silent
from tests.linking.poll import Poll


def best_about_comments(held: Held, poll: Poll) -> Sequence[Guess]:
    """The best guess of each kind, once all comments were let out.

    They never are in the log, where batches are told apart, and all are about one agency and to one
    question: so every comment may be anybody's who wrote one, and one guess is right by chance.
    """
    comments, silent = poll.comments_by_person(), poll.silent()
    people = (poll.answers(), poll.receipts_by_person(), poll.rights_by_person())
    made = [(guesses(held, comments, [list(comments)]), len(comments))]
    made += [(guesses_of_silent(held, found, silent), len(silent)) for found in people]
    for all_guesses, of in made:
        assert max(guess.of for guess in all_guesses) == of, "everybody is found somewhere"
    return [best for (best, *_), _ in made]
