"""Small files and moments that break such programs, from public reports of people who run them, each with its test.

A row says what comes, and names the tests in which it comes right. ``test_each_row_has_its_test`` watches that they
are there, and that each runs on both databases.
"""

LOADING, RECORDING = "casework/loading", "casework/recording"
OUTBOX, PROMPTS = "notifications/outbox", "notifications/prompts"

ROWS = {
    "two mailboxes that differ in letter case": (
        f"{LOADING}/test_as_written.py::test_one_mailbox_gets_one_digest_of_both_prompts",
        f"{LOADING}/test_as_written.py::test_an_entry_of_the_directory_ends_in_whatever_letters_it_is_told",
    ),
    "an apostrophe in an address that a mail server quotes": (
        f"{OUTBOX}/test_routes.py::TestAddresses::test_a_server_may_quote_one_as_it_likes",
    ),
    "a sentence told again with its dates put right": (
        f"{RECORDING}/test_one_person.py::test_a_corrected_sentence_is_a_question_that_names_both_rows",
        f"{RECORDING}/test_one_person.py::test_the_wrong_row_is_withdrawn_and_no_longer_rules_the_end",
    ),
    "31 December 9999": (
        f"{RECORDING}/test_limits_of_dates.py::test_the_last_day_of_time_is_refused_by_its_field_and_kept",
    ),
    "a bank holiday proclaimed late": (
        "lives/test_holidays_proclaimed_late.py::"
        "test_prompts_to_come_go_on_the_working_day_before_and_the_due_date_stands",
    ),
    "a leaver whose e-mail waits": (
        f"{OUTBOX}/test_readdressing.py::test_a_leaver_is_not_written_to_and_who_follows_is",
    ),
    "one person under two CRNs": (
        f"{RECORDING}/test_one_person.py::test_the_same_number_under_another_crn_is_a_question_that_names_both",
        f"{RECORDING}/test_one_person.py::test_one_case_is_kept_and_nothing_is_prompted_twice",
    ),
    "another offender manager while an e-mail waits": (
        f"{OUTBOX}/test_readdressing.py::test_a_new_offender_manager_hears_of_the_rung",
    ),
    "no-break spaces and characters nobody sees": (
        f"{LOADING}/test_files_as_they_are.py::test_a_no_break_space_is_a_space_and_what_is_invisible_goes",
        f"{LOADING}/test_files_as_they_are.py::test_a_character_that_no_name_holds_is_refused_with_its_code_point",
    ),
    "holders of a role without a start": (
        f"{PROMPTS}/test_recipients.py::test_of_several_who_hold_a_role_the_newest_start_goes_first_and_none_last",
    ),
    "a form with numbers or moments for days": (
        f"{RECORDING}/test_limits_of_dates.py::test_a_number_or_a_time_of_day_is_not_read_as_a_day",
    ),
    "a form that no database can keep": (
        f"{RECORDING}/test_limits_of_dates.py::test_what_no_database_can_keep_is_refused_by_its_field",
        f"{RECORDING}/test_limits_of_dates.py::test_lists_in_lists_without_end_are_refused_and_the_rest_is_kept",
    ),
    "digits of another script": (
        f"{LOADING}/test_as_written.py::test_an_identifier_of_other_digits_is_refused_with_its_place",
    ),
    "rejects mended in a spreadsheet": (
        f"{LOADING}/test_files_as_they_are.py::test_rejects_keep_their_letters_in_a_spreadsheet_of_windows",
        f"{LOADING}/test_files_as_they_are.py::test_text_that_was_decoded_twice_is_refused_with_what_is_meant",
    ),
    "a release after the end of its sentence": (
        f"{RECORDING}/test_limits_of_dates.py::test_a_release_is_not_after_the_end_of_its_sentence",
        f"{RECORDING}/test_limits_of_dates.py::test_nor_is_one_that_a_recall_or_the_parole_board_tells_of",
    ),
    "one name in two spellings": (
        f"{LOADING}/test_as_written.py::test_two_rows_of_one_person_agree_on_a_name_and_what_is_written_first_stands",
    ),
    "columns without a name": (
        f"{LOADING}/test_files_as_they_are.py::test_columns_without_a_name_are_passed_over_where_they_are_empty",
    ),
    "numbers with zeros in front": ("cases/test_cases.py::test_zeros_in_front_are_no_other_term",),
    "a pipe for a file": ("cases/test_cases.py::test_a_pipe_is_read_once_and_whole",),
    "a quotation mark that is never closed": (
        f"{LOADING}/test_files_as_they_are.py::test_a_file_that_cannot_be_read_is_told_by_name_and_place",
    ),
    "a command in another folder, without a record": (
        "cli/test_no_record.py::test_a_command_refuses_a_record_that_is_not_there_and_makes_none",
    ),
    "a place that is a line of the calendar": (
        "cases/test_cases.py::test_a_place_does_not_end_the_event_of_an_invitation",
    ),
    "a terminal that lacks a letter": (
        "cases/test_cases.py::test_a_name_is_printed_where_the_terminal_lacks_a_letter",
    ),
    "a server that refuses for now, from Friday to Monday": (
        f"{OUTBOX}/test_routes.py::TestForNow::test_from_friday_evening_to_monday_nothing_is_given_up",
        f"{OUTBOX}/test_routes.py::TestForNow::test_after_five_days_it_is_given_up",
    ),
    "a relay that refuses everybody": (
        f"{OUTBOX}/test_routes.py::TestRoute::test_of_its_fault_nothing_dies_and_all_leaves_once_it_is_mended",
        f"{OUTBOX}/test_routes.py::TestMailbox::test_its_fault_stops_no_other",
    ),
}
