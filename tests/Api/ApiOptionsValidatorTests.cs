using CioOrleans.Api.Authentication;
using CioOrleans.Api.Tests.Http;

namespace CioOrleans.Api.Tests;

public sealed class ApiOptionsValidatorTests
{
    private readonly ApiOptionsValidator _validator = new(new WorkspaceDirectory([TestWorkspaces.Named("acme", "site", "key")]));

    [Fact]
    public void The_defaults_are_valid() => Assert.True(_validator.Validate(null, new ApiOptions()).Succeeded);

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(16_777_216, true)]
    [InlineData(99_999, false)]
    [InlineData(16_777_217, false)]
    public void A_body_may_be_at_least_what_Customer_io_takes(int bytes, bool isValid) =>
        Assert.Equal(isValid, _validator.Validate(null, new ApiOptions { MaxBodyBytes = bytes }).Succeeded);

    [Fact]
    public void Every_wrong_setting_is_named_with_its_value_and_what_is_allowed() =>
        Assert.Equal(
            [
                "Dispatcher:MaxBodyBytes is 1; allowed is 100000 to 16777216.",
                "Dispatcher:DefaultWorkspace is 'other'; allowed is the name of a workspace under Dispatcher:Workspaces.",
            ],
            _validator.Validate(null, new ApiOptions { MaxBodyBytes = 1, DefaultWorkspace = "other" }).Failures);
}
