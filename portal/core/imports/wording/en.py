"""Why rows and files come back, in English: code -> (what is wrong, what to do)."""

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "required": ("Nothing is written here.", "Write a value."),
        "text.too_long": (
            "It has {length} characters, more than {limit}.",
            "Shorten it to {limit} characters.",
        ),
        "text.control": (
            "It holds a line break or a character nobody can see.",
            "Write it on one line: {write}",
        ),
        "text.undecodable": (
            "Some bytes cannot be read in this encoding.",
            "Save the file as UTF-8, or state its encoding.",
        ),
        "text.kind": ("It is not text.", "Write it as text."),
        "amount.format": (
            "It is not an amount.",
            "Write digits with at most one decimal mark, such as {example}",
        ),
        "amount.negative": (
            "An amount here is not below zero.",
            "Write 0, and send a credit as an adjustment.",
        ),
        "amount.sign": ("It holds a currency sign or letters.", "Write {write}"),
        "amount.digits": ("Its digits are not 0 to 9.", "Write {write}"),
        "amount.mark": (
            "Its marks do not fit the decimal {decimal} of this file.",
            "Write it like the other amounts, or state the decimal mark of the file.",
        ),
        "amount.decimals": (
            "{currency} has {places} decimals; this has more.",
            ("Write at most {places} decimals. If the mark separates thousands, state the decimal mark of "
             "the file."),
        ),
        "amount.too_large": ("No debt is as large as this.", "Check the figure."),
        "amount.zero": ("An amount here is above zero.", "Write an amount, or leave the row out."),
        "amount.below_zero": ("The part {component} would be below zero.", "Take off at most what it is."),
        "rate.format": (
            "It is not a yearly rate in percent.",
            "Write a number from 0 to 1000, such as 18.00",
        ),
        "date.format": ("It is not a date in the stated order {order}.", "Write it like {example}"),
        "date.order": (
            "It is not a date in the stated order {order}.",
            "Write {write}, or state the order {other} for the file.",
        ),
        "date.impossible": ("The calendar has no such day.", "Check the day and the month."),
        "date.short_year": ("The year does not have four digits of the common era.", "Write {write}"),
        "date.buddhist_year": ("The year is of the Buddhist era.", "Write {write}"),
        "date.year": ("The year is too far away.", "Check the year."),
        "date.future": ("This day is still to come.", "Check the date."),
        "birth.age": (
            "Nobody of this age has an account ({age} years).",
            "Check the date of birth, or leave it empty.",
        ),
        "currency.unknown": (
            "It is not a currency code of ISO 4217.",
            "Write a code such as USD, THB or VND.",
        ),
        "country.unknown": (
            "It is not a country code of ISO 3166.",
            "Write two letters such as US, TH or VN.",
        ),
        "language.unknown": ("It is not a language tag (BCP 47).", "Write a tag such as en, th or zh-Hans."),
        "time_zone.unknown": (
            "It is not a time zone of the IANA list.",
            "Write a name such as Asia/Bangkok.",
        ),
        "phone.invalid": (
            "It is not a telephone number that could be called in {country}.",
            "Write it with its country code, such as {example}, or leave it empty.",
        ),
        "email.invalid": ("It is not an e-mail address.", "Write name@example.com, or leave it empty."),
        "id_last4.format": (
            "It is not the last four digits or letters of an ID.",
            "Write exactly four, keeping zeros in front, or leave it empty.",
        ),
        "status.unknown": ("It is none of current, arrears, closed.", "Write one of these words."),
        "status.late_but_current": (
            "The account is current and yet has a date since when it is late.",
            "Leave delinquent_since empty, or write arrears as the status.",
        ),
        "status.arrears_without_date": (
            "The account is in arrears and has no date since when.",
            "Write the day of the oldest unpaid due date, or current as the status.",
        ),
        "word.unknown": ("It is none of {known}.", "Write one of these words."),
        "code.format": (
            "It is not a code.",
            "Write letters, digits, points, hyphens or underscores, such as late_fee",
        ),
        "row.account_unknown": ("There is no such account.", "Send the account first, or check its reference."),
        "row.account_closed": (
            "The account is not open.",
            "Open it again by PUT /api/v1/accounts/…, or leave the row out.",
        ),
        "row.account_currency": ("The account is kept in {currency}.", "Write the amount in {currency}."),
        "transaction.differs": (
            "A transaction of this reference was told before with other figures.",
            "Give each transaction a reference of its own.",
        ),
        "lines.differ": (
            "The lines of the account sum to {sum}, its balance is {balance} (minor units).",
            "Send all lines of an account one after the other; together they are its balance.",
        ),
        "lines.too_many": ("An account has at most {limit} lines.", "Sum up the oldest in one line."),
        "recall.guarded": (
            "Something stands in the way: {guards}.",
            "Wait until it is over, or write yes in the column force.",
        ),
        "file.empty": ("The file has no rows.", "Send a file whose first row names the columns."),
        "file.columns": (
            "Columns are missing: {missing}.",
            "Add them, or map the names of the file to these (option map: theirs=ours).",
        ),
        "file.columns_doubled": ("Columns stand there twice: {doubled}.", "Keep one of each."),
        "file.mapping": (
            "The mapping names columns that do not exist: {unknown}.",
            "Use the names of docs/import.md.",
        ),
        "file.encoding_unclear": (
            "The encoding cannot be told from the file for certain.",
            "State it: one of {known}.",
        ),
        "file.encoding_unknown": ("This encoding is not read: {encoding}.", "Use one of {known}."),
        "file.encoding_wrong": (
            "The file is not in the stated encoding {encoding}.",
            "State another, or save as UTF-8.",
        ),
        "file.separator_unclear": (
            "The first row has no separator.",
            "Separate cells by comma, semicolon or tab.",
        ),
        "file.decimal_unclear": (
            "A mark in the amounts could be the decimal mark or separate thousands.",
            "State the decimal mark of the file: point or comma.",
        ),
        "file.decimal_mixed": (
            "Some amounts have a decimal point, others a decimal comma.",
            "Write all amounts alike, or state the decimal mark, and the others will be sent back.",
        ),
        "file.quote_open": (
            ("A quotation mark opened in row {row} is never closed, or a cell there is longer than {limit} "
             "characters."),
            "Close it; nothing of the file was taken.",
        ),
        "file.binary": ("The file is not text and not a workbook.", "Send CSV, XLSX or JSON lines."),
        "file.too_wide": ("The first row has {found} cells, more than {limit}.", "Check the separator."),
        "file.kind": (
            "The name of the file does not say what it holds.",
            "Begin it with accounts, transactions, lines or recalls.",
        ),
        "file.options": (
            "The options beside the files cannot be read: {problem}",
            "Correct import.json and send the file again.",
        ),
        "workbook.broken": ("The workbook cannot be read.", "Save it again as .xlsx, or as CSV in UTF-8."),
        "workbook.too_large": ("Unpacked, the workbook is larger than {limit} MB.", "Send it as CSV."),
        "workbook.ratio": (
            "The workbook is packed too tightly to be one.",
            "Save it again, or send it as CSV.",
        ),
        "workbook.macros": ("The workbook holds macros.", "Save it without macros (.xlsx), or as CSV."),
        "workbook.entities": (
            "The workbook defines entities, which no program does.",
            "Save it again, or as CSV.",
        ),
        "row.cells": (
            "The row has {found} cells, the first row has {wanted}.",
            "Check separators and quotes in this row.",
        ),
        "row.quote": (
            "A quotation mark stands where none can be.",
            "Double the quotation marks inside a cell.",
        ),
        "row.not_object": ("The line is not a JSON object.", "Write one JSON object a line."),
        "row.duplicate": (
            "The same account stands in an earlier row of this file.",
            "Keep one row for each account.",
        ),
        "row.person_differs": (
            "An earlier row of this file describes the same debtor otherwise.",
            "Write the same person in each row of a debtor.",
        ),
        "row.currency_changed": (
            "The account is known in {before}.",
            "An account keeps its currency: send this debt under a reference of its own.",
        ),
        "row.debtor_changed": (
            "The account is known under another debtor.",
            "An account keeps its debtor: recall it, and send the debt under a reference of its own.",
        ),
        "creditor.too_many": (
            "The file names more than {limit} creditors that are not known yet.",
            "Check the creditor column, or create the creditors first.",
        ),
        "kept.plan_active": (
            "A signed plan is active: the figures of the account are kept as they are.",
            "Change the plan, or agree with the debtor; an import never alters a signed plan.",
        ),
        "kept.missing": (
            "The file is to have every open account and lacks this one: the account is kept as it is.",
            "Recall it, or send it again; an import never deletes.",
        ),
        "kept.recalled": (
            "The account was recalled: it stays so.",
            "Send it by PUT /api/v1/accounts/… to open it again.",
        ),
        "kept.settled": (
            "The portal holds the account as settled; the file says that something is owed.",
            "Book the payments in the case system, or open the account again by PUT /api/v1/accounts/…",
        ),
        "kept.plan_requoted": (
            "A signed plan is active: it holds until the debtor signs the new plan on these figures.",
            "Nothing to do: the debtor is told, and may stay with the signed plan.",
        ),
        "kept.plan_frozen": (
            "A signed plan is active: it rests until somebody at your side decides.",
            "Answer the case that was opened in the console.",
        ),
    }
)  # fmt: skip
