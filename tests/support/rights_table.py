"""Who may do what, written down once more by hand: what the table of the code is held against."""

# own: on the own agency; others: on every agency but the own; all: whichever; -: never.
TABLE = """
                      agency  council  survey-officer  administrator  auditor  system

open-cycle            -       -        -               all            -        -
amend-scheme          -       -        -               all            -        -
withdraw-cycle        -       -        -               all            -        -
extend-deadline       -       -        -               all            -        -
change-agencies       -       -        -               all            -        -
import-results        -       -        -               all            -        -
submit-score          own     -        -               -              -        -
attach-evidence       own     -        -               -              -        -
give-explanation      own     -        -               -              -        -
lock-submission       own     -        -               -              -        -
lock-overdue          -       -        -               -              -        all
scan-evidence         -       -        -               -              -        all
sweep-uploads         -       -        -               -              -        all
reopen-submission     -       -        -               all            -        all
read-cycle            all     all      all             all            all      -
read-submission       own     all      all             all            all      -
read-evidence         own     all      all             all            all      -
justify-reading       -       all      all             all            all      -
read-accesses         own     -        -               all            all      -
read-former-evidence  -       all      -               all            all      -

assign-criterion      -       -        -               all            -        -
open-appraisal        -       -        -               -              -        all
decide-score          -       others   -               -              -        -
request-explanation   -       others   -               -              -        -
propose-action        -       others   -               -              -        -
second-action         -       others   -               -              -        -
approve-appraisal     -       others   -               -              -        -
read-queue            -       all      -               -              -        -
read-progress         -       all      all             all            all      -
read-appraisal        own     all      all             all            all      -

adopt-questionnaire   -       -        all             -              -        -
run-survey            -       -        all             -              -        all
close-survey          -       -        all             -              -        -
invite-respondents    -       -        all             -              -        -
enter-responses       -       -        all             -              -        -
propose-exclusion     -       -        all             all            -        -
second-exclusion      -       -        all             all            -        -
moderate-comments     -       -        all             -              -        -
import-survey-result  -       -        all             -              -        -
read-result-document  -       -        all             all            all      -
read-turnout          -       -        all             all            all      -

read-provisional      own     all      all             all            all      -
read-log              -       -        -               all            all      -
acknowledge-alarm     -       -        -               all            -        -
approve-result        -       all      -               -              -        -
publish-result        -       -        -               all            -        -
correct-result        -       -        -               all            -        -
rebuild-views         -       -        -               all            -        -
forget-person         -       -        -               all            -        -
propose-shredding     -       -        -               all            -        -
second-shredding      -       -        -               all            -        -
read-shreddings       -       -        -               all            all      -

read-directory        -       -        -               all            all      -

read-operations       -       -        -               all            all      -
"""

# What has to hold besides, in whichever role.
PROVISOS = """
person         open-cycle amend-scheme withdraw-cycle extend-deadline change-agencies
               lock-submission reopen-submission justify-reading assign-criterion
               decide-score request-explanation propose-action second-action approve-appraisal
               adopt-questionnaire close-survey enter-responses propose-exclusion second-exclusion
               moderate-comments import-survey-result approve-result publish-result
               correct-result acknowledge-alarm forget-person propose-shredding
               second-shredding read-directory
reason         amend-scheme withdraw-cycle extend-deadline change-agencies reopen-submission
               read-evidence justify-reading propose-action propose-exclusion correct-result
               acknowledge-alarm forget-person propose-shredding
assigned       decide-score request-explanation
second-person  second-action second-exclusion publish-result correct-result second-shredding
"""
