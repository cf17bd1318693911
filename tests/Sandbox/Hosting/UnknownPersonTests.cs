using System.Net;

namespace CioOrleans.Sandbox.Hosting;

public sealed class UnknownPersonTests : HttpTestBase
{
    protected override SandboxOptions Options => new() { SettleTime = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task The_attributes_of_an_unknown_person_are_not_found()
    {
        using var response = await Send("GET", "/v1/customers/u1/attributes", null, "Bearer app");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("""{"errors":[{"detail":"not found","status":"404"}]}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_deleted_person_is_unknown()
    {
        using var identify = await Send("PUT", "/api/v1/customers/u1", """{"plan":"pro"}""", "Basic eDp5");
        using var delete = await Send("DELETE", "/api/v1/customers/u1", null, "Basic eDp5");
        using var response = await Send("GET", "/v1/customers/u1/attributes", null, "Bearer app");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
