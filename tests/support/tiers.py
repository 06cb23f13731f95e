"""What ``make check`` runs besides lint and types: the rules, and one test of each kind of thing there is."""

import pytest

ONE_OF_EACH = {
    "test_each_chunk_is_a_task_run_named_for_its_place": "a flow, as Prefect runs it",
    "test_the_quick_start_does_what_it_says": "the command line from an empty record to the first prompts",
    "test_nothing_happens_and_every_rung_goes_out_on_its_day": "ticks, on both databases",
    "test_each_step_of_the_ladder_is_a_message_to_its_reader": "a ladder from the meeting to the e-mails",
    "test_a_beat_runs_the_stages_in_which_something_waits_in_order_and_no_other": "the clock",
    "test_stages_stand_in_the_order_of_a_tick_and_each_has_its_flow": "stages and their flows",
    "test_loading_the_same_file_twice_changes_nothing": "a file loaded",
    "test_a_bad_row_comes_back_with_line_column_and_reason_and_the_good_one_goes_in": "a row rejected",
    "test_a_meeting_for_a_closed_case_says_when_it_was_closed": "a fact refused",
    "test_everything_of_the_record_is_in_the_minutes_word_for_word": "a document",
    "test_a_waiting_message_is_sent_once": "the outbox",
    "test_both_texts_say_what_is_owed_on_which_case_and_by_when": "a digest",
    "test_it_lists_what_an_incomplete_one_lacks_and_has_the_form_with_it": "a letter",
    "test_it_says_what_a_calendar_needs_and_names_nobody": "an invitation",
    "test_a_message_the_server_takes_is_sent_as_it_was_written": "an SMTP server",
    "test_every_invariant_but_those_of_clocks_pages_and_rows_is_broken_here": "the auditor",
    "test_what_has_its_reason_is_no_finding": "the auditor at work",
    "test_nothing_that_was_said_of_the_person_is_left_in_any_table": "an erasure",
    "test_json_objects_have_exactly_the_fields_of_the_contract": "what is shown as JSON",
    "test_case_show_is_the_page_with_everything_on_it": "what is shown in words",
    "test_every_command_takes_a_database_and_explains_itself_and_its_options": "every command's help",
    "test_where_all_is_well_every_check_is_ok_in_words_and_in_json": "the doctor",
    "test_several_sweepers_raise_each_rung_once": "several processes at once",
    "test_what_was_recorded_and_owed_before_goes_on": "an upgrade of the first release's record",
    "test_nothing_of_it_is_lost": "an upgrade of a caseload",
    "test_a_generated_page_is_what_the_code_says_now": "the reference pages",
    "test_every_link_leads_somewhere": "the links of the documentation",
    "test_header_and_counts": "the invented area",
    "test_every_table_has_the_numbers_worked_by_hand": "figures: the annual report",
    "test_each_step_is_a_line_with_its_seconds": "the installer",
}
"""Name of a test, and what it stands for. Whoever adds a kind of thing adds one of its tests."""


def belongs_to_check(item: pytest.Item) -> bool:
    """Tell whether ``make check`` runs a test: every test of the rules, and those above."""
    name = getattr(item, "originalname", None) or item.name
    return name in ONE_OF_EACH or item.path.parent.name == "policy"
