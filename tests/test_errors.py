"""One error tree: botocore's errors become ours, the most specific one, and a new one of theirs is noticed."""

import botocore.session
import pytest
from botocore import exceptions as b

from a2i_al import errors
from a2i_al.errors import A2IError, service_errors


def client_error(code, message="text", status=400):
    return b.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Op"
    )


@pytest.mark.parametrize("service", ["sagemaker-a2i-runtime", "sagemaker"])
def test_every_modelled_error_of_the_service_is_mapped(service):
    """A botocore that models a new error for these services fails here until it has its class."""
    model = botocore.session.get_session().get_service_model(service)
    assert {shape.name for shape in model.error_shapes} <= set(errors.BY_CODE)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (client_error("ConflictException", status=409), errors.AlreadyExists),
        (client_error("ThrottlingException", status=429), errors.Throttled),
        (client_error("ServiceQuotaExceededException", status=402), errors.QuotaExceeded),
        (client_error("NoSuchKey", status=404), errors.NotFound),
        (client_error("SomethingNew", status=503), errors.ServiceFault),
        (client_error("SomethingNew", status=418), errors.ServiceError),
        (client_error("ValidationException", "only for existing customers of A2I"), errors.NotAnExistingCustomer),
        (client_error("AccessDeniedException", "Not an Existing Customer", 403), errors.NotAnExistingCustomer),
        (b.NoCredentialsError(), errors.NotConfigured),
        (b.NoRegionError(), errors.NotConfigured),
        (b.EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), errors.Unreachable),
        (b.ReadTimeoutError(endpoint_url="http://127.0.0.1:1"), errors.Unreachable),
        (b.ParamValidationError(report="bad"), errors.RequestRefused),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_a_botocore_error_becomes_the_most_specific_of_ours(error, ours):
    """The class is exact, the cause is chained, and the message says what was being done."""
    with pytest.raises(errors.ServiceError) as caught, service_errors("starting human loop 'x'"):
        raise error
    assert type(caught.value) is ours
    assert caught.value.__cause__ is error
    assert "starting human loop 'x'" in str(caught.value)


def test_the_refusal_of_new_accounts_says_what_to_do_instead():
    """A2I's maintenance mode leads to the embedded A2I."""
    with pytest.raises(errors.NotAnExistingCustomer, match=r"Workflow\.local"), service_errors("starting"):
        raise client_error("ValidationException", "A2I accepts existing customers only")


def test_other_errors_pass_unchanged():
    """What is not botocore's is not wrapped."""
    with pytest.raises(KeyError), service_errors("doing"):
        raise KeyError("x")


def test_every_error_has_the_common_base_and_stands_in_the_tree():
    """One base class, and a module docstring that names every class."""
    classes = [
        v
        for v in vars(errors).values()
        if isinstance(v, type) and issubclass(v, Exception) and v.__module__ == errors.__name__
    ]
    for cls in classes:
        assert issubclass(cls, A2IError | errors.A2IWarning)
        if issubclass(cls, A2IError):
            assert cls.__name__ in errors.__doc__
