"""Every refusal of Confluence's operations, in the shapes of its two APIs; each message text stands here once.

v1 puts the class of the Java exception before the text. Texts are those of live sites (published measurements,
2026) where one is known; the others are ours, in the same manner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Refusal
from sandlot_server.confluence.envelopes import EXCEPTIONS, SPRING, controller, service, v2, web_page
from sandlot_server.numbers import whole_number

# Headers of every answer of the search service.
UNCACHED: Mapping[str, str] = {
    "cache-control": "no-cache, no-store, must-revalidate",
    "expires": "Thu, 01 Jan 1970 00:00:00 GMT",
}
UNLISTED_TYPES = frozenset({"comment", "folder", "whiteboard", "database", "embed", "attachment"})


def _either(call: Call, status: int, text: str, exception: str = "BadRequestException") -> Refusal:
    """A refusal that both APIs word alike."""
    if call.operation.document == "confluence":
        return Refusal(v2(status, text))
    return Refusal(service(status, f"{EXCEPTIONS}api.{exception}: {text}", authorized=False))


# Parameters


def _spelt(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def not_of_type(name: str, value: Any, type: str) -> Refusal:
    title = f"Provided value {{{_spelt(value)}}} for '{name}' is not the correct type. Expected type is {type}"
    return Refusal(v2(400, title, code="INVALID_REQUEST_PARAMETER"))


def not_valid(name: str, value: Any, reason: str) -> Refusal:
    title = f"Provided value {{{_spelt(value)}}} for '{name}' is not valid: {reason}"
    return Refusal(v2(400, title, code="INVALID_REQUEST_PARAMETER"))


def bad_cursor() -> Refusal:
    return Refusal(v2(400, "The cursor is not valid", code="INVALID_REQUEST_PARAMETER"))


def negative(name: str) -> Refusal:
    return Refusal(controller(400, f"java.lang.IllegalArgumentException: {name} cannot be less than zero"))


def label_limit_zero() -> Refusal:
    return Refusal(controller(400, "java.lang.IllegalArgumentException: null"))


def start_too_large() -> Refusal:
    text = (
        "Start of this size is no longer supported. If you need to fetch this amount of content, please use "
        "either the search endpoint or get the content by a space at a time."
    )
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}"))


def is_content_id(value: str) -> bool:
    return whole_number(value.removeprefix("att")) is not None


def bad_content_id(value: str) -> Refusal:
    model = "com.atlassian.confluence.api.model.content.id.ContentId"
    return Refusal(
        controller(
            400,
            f"{SPRING}method.annotation.MethodArgumentTypeMismatchException: Failed to convert value of type "
            f"'java.lang.String' to required type '{model}'; nested exception is "
            "org.springframework.core.convert.ConversionFailedException: Failed to convert from type "
            f"[java.lang.String] to type [@{SPRING}bind.annotation.PathVariable {model}] for value [{value}]; "
            f"nested exception is {EXCEPTIONS}api.BadRequestException: Can't parse as a ContentId",
        )
    )


# Things that are not there


def no_page(id: str) -> Refusal:
    return Refusal(v2(404, f"Cannot find a page with id [{id}]"))


def no_page_entity(id: str) -> Refusal:
    return Refusal(v2(404, f"Cannot find [page] entity with id [{id}]"))


def no_version(call: Call, id: str, number: Any, kind: str = "page") -> Refusal:
    return _either(call, 404, f"Cannot find version [{number}] of the {kind} with id [{id}]", "NotFoundException")


def no_entity(kind: str, id: str) -> Refusal:
    """`kind` with its article: a comment, a label."""
    return Refusal(v2(404, f"Cannot find {kind} with id [{id}]"))


def no_property_owner(kind: str, id: str) -> Refusal:
    return Refusal(v2(404, f"Could not find {kind} with id [{id}]"))


def no_space(id: str) -> Refusal:
    return Refusal(v2(404, f"Cannot find a space with id [{id}]"))


def no_parent(call: Call, id: str) -> Refusal:
    return _either(call, 404, f"Cannot find content with id [{id}]", "NotFoundException")


def _translated(text: str) -> Refusal:
    """Missing content, told twice."""
    errors = [{"message": {"translation": text, "args": []}}]
    message = f"{EXCEPTIONS}api.NotFoundException: {text}"
    return Refusal(service(404, message, authorized=False, valid=False, errors=errors))


def no_content(id: str) -> Refusal:
    return _translated(f"No content found with id : {id}")


def no_attachment() -> Refusal:
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: null", authorized=False))


def no_parent_content(id: str) -> Refusal:
    text = f"No parent or not permitted to view content with id : ContentId{{id={id}}}"
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: {text}"))


def no_attachment_container(id: str) -> Refusal:
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: No content found with id: ContentId{{id={id}}}"))


def no_space_key(key: str) -> Refusal:
    text = f'404 NOT_FOUND "No space found with key : {key}"'
    return Refusal(controller(404, f"{SPRING}server.ResponseStatusException: {text}"))


def no_listed_space(key: str) -> Refusal:
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: No space with key : {key}"))


def no_label(name: str) -> Refusal:
    return Refusal(
        service(404, f"{EXCEPTIONS}api.NotFoundException: No label found with name: {name}", authorized=False)
    )


def no_user(account_id: str) -> Refusal:
    text = f"No user found with account id : {account_id}"
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: {text}", authorized=False))


# Pages that cannot be written so


def title_taken(call: Call) -> Refusal:
    text = "A page with this title already exists: A page already exists with the same TITLE in this space"
    return _either(call, 400, text)


def title_missing(call: Call) -> Refusal:
    return _either(call, 400, "Title must be specified and not blank")


def title_too_long(call: Call) -> Refusal:
    return _either(call, 400, "Title cannot be longer than 255 characters")


def bad_storage(call: Call, reason: str) -> Refusal:
    """`reason` is the parser's, in the service's words."""
    return _either(call, 400, reason)


def bad_adf(call: Call, reason: str) -> Refusal:
    return _either(call, 400, f"The value is not a valid ADF document: {reason}")


def unwritable_representation(call: Call, name: str) -> Refusal:
    return _either(call, 400, f"Content cannot be written in the representation {name}")


def stale_version(call: Call, current: int, provided: Any, kind: str = "a page") -> Refusal:
    if call.operation.document == "confluence":
        text = (
            f"Version must be incremented when updating {kind}. "
            f"Current Version: [{current}]. Provided version: [{provided}]"
        )
        return Refusal(v2(409, text))
    text = f"Version must be incremented on update. Current version is: {current}"
    return Refusal(service(409, f"{EXCEPTIONS}api.ConflictException: {text}", valid=False))


def version_missing(call: Call) -> Refusal:
    text = "Must supply an incremented version when updating Content. No version supplied."
    return _either(call, 400, text)


def other_id(call: Call, id: str) -> Refusal:
    return _either(call, 400, f"The id in the body is not that of the path, [{id}]")


def other_space(call: Call) -> Refusal:
    return _either(call, 400, "Moving a page to another space is not supported")


def other_status(call: Call, status: str) -> Refusal:
    return _either(call, 400, f"The page is not in the status [{status}]")


def parent_loop(call: Call) -> Refusal:
    return _either(call, 400, "Cannot move the content here as it creates a parent-child loop.")


def bad_position(position: str, known: tuple[str, ...]) -> Refusal:
    text = f"A page cannot be moved to the position {position}: it is one of {', '.join(known)}"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


def cannot_move(reason: str) -> Refusal:
    """The page for moving pages answers in a form of its own."""
    return Refusal(Answer(400, {"actionErrors": [reason]}))


def archived(call: Call) -> Refusal:
    return _either(call, 400, "An archived page cannot be edited")


def not_editable(call: Call, id: str, kind: str = "Page") -> Refusal:
    """v2 hides a page or a comment that the caller may only read as it hides one that is not there."""
    if call.operation.document == "confluence":
        return no_page(id) if kind == "Page" else no_entity(f"a {kind.lower()}", id)
    text = f"Could not update Content of type : class com.atlassian.confluence.pages.{kind} with id {id}"
    return Refusal(service(403, f"{EXCEPTIONS}api.PermissionException: {text}", authorized=False))


def no_owner(call: Call, account_id: str) -> Refusal:
    return _either(call, 400, f"Cannot find a user with account id [{account_id}]")


def not_trashed(call: Call, kind: str = "a page") -> Refusal:
    return _either(call, 400, f"Only {kind} in the trash can be purged")


# Files


def no_file() -> Refusal:
    return Refusal(web_page(404, "Not Found"))


def no_thumbnail(id: str) -> Refusal:
    return Refusal(v2(404, f"There is no thumbnail of the attachment with id [{id}]"))


def no_file_part() -> Refusal:
    text = "Required request part 'file' is not present"
    return Refusal(controller(400, f"{SPRING}multipart.support.MissingServletRequestPartException: {text}"))


def file_too_large(limit: int) -> Refusal:
    text = f"Maximum upload size of {limit} bytes exceeded"
    return Refusal(controller(413, f"{SPRING}multipart.MaxUploadSizeExceededException: {text}"))


def file_name_taken(name: str) -> Refusal:
    text = f"Cannot add a new attachment with the same file name as an existing attachment: {name}"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


# Comments and properties


def comment_place(call: Call, names: tuple[str, ...]) -> Refusal:
    return _either(call, 400, f"A comment must name what it stands on, by one of {', '.join(names)}")


def comment_empty(call: Call) -> Refusal:
    return _either(call, 400, "A comment must have a body")


def selection_missing(call: Call) -> Refusal:
    text = "inlineCommentProperties must give textSelection, textSelectionMatchCount and textSelectionMatchIndex"
    return _either(call, 400, text)


def selection_elsewhere(call: Call, found: int, count: int, index: int) -> Refusal:
    text = f"The text selection stands {found} times on the page: match {index} of {count} cannot be marked"
    return _either(call, 400, text)


def not_resolvable(call: Call) -> Refusal:
    return _either(call, 400, "Only an inline comment that begins a thread can be resolved or reopened")


def property_missing(call: Call, member: str) -> Refusal:
    return _either(call, 400, f"A property must have a {member}")


def property_too_long(call: Call, member: str, longest: int) -> Refusal:
    return _either(call, 400, f"The {member} of a property cannot be longer than {longest} characters")


def property_taken(call: Call, key: str) -> Refusal:
    text = f"A property with the key [{key}] already exists"
    if call.operation.document == "confluence":
        return Refusal(v2(409, text))
    return Refusal(service(409, f"{EXCEPTIONS}api.ConflictException: {text}", valid=False))


def property_renamed(call: Call, key: str) -> Refusal:
    return _either(call, 400, f"The key of a property cannot be changed: it is [{key}]")


def no_property(call: Call, key: str) -> Refusal:
    return _either(call, 404, f"No property found with the key : {key}", "NotFoundException")


# Templates


def no_template(id: str) -> Refusal:
    text = f"No template found with id : {id}"
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: {text}", authorized=False))


def template_forbidden() -> Refusal:
    text = "Templates are for the administrators of the space, or of the site"
    return Refusal(service(403, f"{EXCEPTIONS}api.PermissionException: {text}", authorized=False))


def _bad_template(text: str) -> Refusal:
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


def template_unnamed() -> Refusal:
    return _bad_template("A template must have a name")


def template_type(type: str) -> Refusal:
    return _bad_template(f"A template cannot be of the type {type}: only page is possible")


def template_elsewhere() -> Refusal:
    return _bad_template("A template cannot be moved to another space")


# Conversions of bodies

NO_CONVERSION = "No conversion found with id : {}"


def no_conversion(id: str) -> Refusal:
    text = NO_CONVERSION.format(id)
    return Refusal(service(404, f"{EXCEPTIONS}api.NotFoundException: {text}", authorized=False))


def no_way_to_convert(representation: str, to: str) -> Refusal:
    text = f"Cannot convert from {representation} to {to}"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


def conversions_out_of_range(most: int) -> Refusal:
    text = f"Between 1 and {most} conversions can be asked for"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


# Restrictions


def no_restricted_content(id: str) -> Refusal:
    return _translated(f"No content with id <ContentId{{id={id}}}> can be found")


def restrictions_fixed(id: str) -> Refusal:
    text = f"Not enough permissions to alter ContentRestrictions on a content with ContentId{{id={id}}}"
    return Refusal(service(403, f"{EXCEPTIONS}api.PermissionException: {text}", authorized=False))


def bad_restriction(operation: str) -> Refusal:
    text = f"Content cannot be restricted for the operation : {operation}"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


def no_subject(kind: str, identifier: str) -> Refusal:
    """`kind` is user or group."""
    text = f"No {kind} found with the identifier : {identifier}"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


# v1 alone


def bad_child_type(type: str) -> Refusal:
    text = f"{EXCEPTIONS}unchecked.NotImplementedServiceException: Cannot find children of the type : {type}"
    return Refusal(service(501, text))


def bad_depth(depth: str) -> Refusal:
    text = f"The depth is all, root or a number from 1 to 100, and not {depth}"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}", valid=False))


def not_creatable(call: Call, type: str, place: str) -> Refusal:
    """v2 hides the space of a new page, or the page of a new comment, where the caller may create none."""
    if call.operation.document == "confluence":
        return no_space(place) if type == "page" else no_page(place)
    return cannot_create(type)


def cannot_create(type: str) -> Refusal:
    """v1 does not say that the space is missing, but that nothing can be created in it."""
    text = f"Could not create content with type {type}"
    return Refusal(service(403, f"{EXCEPTIONS}api.PermissionException: {text}", authorized=False))


def other_type(type: str) -> Refusal:
    return Refusal(
        service(501, f"{EXCEPTIONS}unchecked.NotImplementedServiceException: Cannot write content of the type : {type}")
    )


def unlisted_type(type: str) -> Refusal:
    """Why content of this type cannot be listed."""
    if type in ("comment", "folder"):
        text = f"{EXCEPTIONS}unchecked.NotImplementedServiceException: Cannot fetch {type}s with ContentFinder"
        return Refusal(service(501, text))
    if type in ("whiteboard", "database", "embed"):
        text = f"java.lang.IllegalArgumentException: Type is not a custom content type : {type}"
        return Refusal(controller(400, text))
    if type == "attachment":
        text = (
            'java.lang.NullPointerException: Cannot invoke "com.atlassian.confluence.api.model.content.id.'
            'ContentId.asLong()" because "containerId" is null'
        )
        return Refusal(controller(500, text))
    text = f"{EXCEPTIONS}unchecked.NotImplementedServiceException: Cannot find custom content type : {type}"
    return Refusal(service(501, text))


def bad_prefixes(prefixes: list[str]) -> Refusal:
    text = f"Could not convert label prefixes :[{', '.join(prefixes)}]"
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {text}"))


def bad_label(key: str, *args: Any) -> Refusal:
    """`key` is the message key that the service sends instead of a text."""
    errors = [{"message": {"key": key, "args": list(args)}}]
    return Refusal(service(400, f"{EXCEPTIONS}api.BadRequestException: {key}", valid=False, errors=errors))


def no_cql() -> Refusal:
    return Refusal(_searched(400, f"{EXCEPTIONS}api.BadRequestException: cql query parameter is required"))


def bad_cql(reason: str) -> Refusal:
    """`reason` is the query itself, or what is wrong with it."""
    return Refusal(_searched(400, f"{EXCEPTIONS}api.BadRequestException: Could not parse cql : {reason}"))


def bad_search_cursor() -> Refusal:
    exception = f"{EXCEPTIONS}scale.SSStatusCodeException"
    return Refusal(
        _searched(
            400,
            f"{exception}: CQL was parsed but the search manager was unable to execute the search. "
            f"Error message: {exception}: There was an illegal request passed to XP-Search Aggregator API : "
            "HTTP/1.1 400 Bad Request",
        )
    )


def _searched(status: int, message: str) -> Answer:
    answer = service(status, message)
    return Answer(status, answer.body, UNCACHED)


# Spaces


def space_key_taken(call: Call, key: str) -> Refusal:
    return _either(call, 400, f"A space already exists with key {key}")


def bad_space_key(call: Call, key: str) -> Refusal:
    return _either(call, 400, f"Space keys may only contain letters and digits: {key}")


def space_key_missing(call: Call) -> Refusal:
    return _either(call, 400, "Either a key or an alias must be provided to create a space")


def space_name_missing(call: Call) -> Refusal:
    return _either(call, 400, "Space name must not be blank")
