"""Messages of packages that our pages and API show, and that the packages do not have in both Chinese scripts.

Nothing imports this file: ``locale/messages.py extract`` reads it, and our catalogue is asked before the package's own.
Copy a message letter by letter; one changed sign and it is not found.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

REST_FRAMEWORK = [
    _("Invalid token header. No credentials provided."),
    _("Invalid token header. Token string should not contain spaces."),
    _("Invalid token header. Token string should not contain invalid characters."),
    _("A server error occurred."),
    _("Invalid input."),
    _("Malformed request."),
    _("Incorrect authentication credentials."),
    _("Authentication credentials were not provided."),
    _("Could not satisfy the request Accept header."),
    _('Unsupported media type "{media_type}" in request.'),
    _("Request was throttled."),
    _("Expected available in {wait} second."),
    _("Expected available in {wait} seconds."),
    _("Must be a valid boolean."),
    _("Not a valid string."),
    _("This value does not match the required pattern."),
    _("Must be a valid UUID."),
    _("A valid biginteger is required."),
    _("Integer value too large to convert to float"),
    _("Ensure that there are no more than {max_digits} digits in total."),
    _("Ensure that there are no more than {max_decimal_places} decimal places."),
    _("Ensure that there are no more than {max_whole_digits} digits before the decimal point."),
    _("Datetime has wrong format. Use one of these formats instead: {format}."),
    _("Datetime value out of range."),
    _("Date has wrong format. Use one of these formats instead: {format}."),
    _("Ensure this field has at least {min_length} elements."),
    _("Ensure this field has no more than {max_length} elements."),
    _('Expected a dictionary of items but got type "{input_type}".'),
    _("This dictionary may not be empty."),
    _("Incorrect type. Expected pk value, received {data_type}."),
    _("Object with {slug_name}={value} does not exist."),
    _("The fields {field_names} must make a unique set."),
    _("Surrogate characters are not allowed: U+{code_point:X}."),
]

ALLAUTH = [
    _("Email"),
    _("Email address"),
    _("You have confirmed %(email)s."),
]

DJANGO = [
    _("Add link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Change or view list link"),
    _("Error:"),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
    _("Model name"),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
]

ALLAUTH = [
    _("Email"),
    _("Email address"),
    _("Code"),
    _("Enter Email Verification Code"),
    _("We've sent a code to %(recipient)s. The code expires shortly, so please enter it soon."),
]
