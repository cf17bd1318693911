namespace CioOrleans.Sandbox.Calls;

public sealed class RouterTests
{
    [Theory]
    [InlineData("a%20b%2Fc%2Bd%40x.com%25%C3%A9", "a b/c+d@x.com%é")]
    [InlineData("a+b@x.com", "a+b@x.com")]
    [InlineData("a:b&c=d$", "a:b&c=d$")]
    [InlineData("100%25", "100%")]
    [InlineData("..", "..")]
    public void An_id_is_decoded_from_the_raw_target(string segment, string id)
    {
        Assert.Equal(new TrackRoute(Endpoint.Identify, id), Router.Match("PUT", $"/api/v1/customers/{segment}"));
        Assert.Equal(new TrackRoute(Endpoint.Event, id), Router.Match("POST", $"/api/v1/customers/{segment}/events?x=/y"));
    }

    [Fact]
    public void The_absolute_form_is_understood() =>
        Assert.Equal(new TrackRoute(Endpoint.Identify, "a"), Router.Match("PUT", "http://track.customer.io/api/v1/customers/a"));

    [Theory]
    [InlineData("PUT", "/")]
    [InlineData("PUT", "*")]
    [InlineData("PUT", "/api/v1/customers")]
    [InlineData("PUT", "/api/v1/customers/")]
    [InlineData("POST", "/api/v1/customers//events")]
    [InlineData("PUT", "/api/v1/customers/a/b/c/d/e/f/g/h/i/j")]
    [InlineData("POST", "/v3/send/email")]
    public void What_Customer_io_does_not_have_is_unknown(string method, string target) =>
        Assert.Equal(new TrackRoute(Endpoint.Unknown), Router.Match(method, target));

    [Theory]
    [InlineData("POST", "/api/v1/customers/a")]
    [InlineData("GET", "/api/v1/customers/a/events")]
    [InlineData("PUT", "/api/v2/batch")]
    public void A_known_path_with_another_method_is_not_allowed(string method, string target) =>
        Assert.Equal(new TrackRoute(Endpoint.MethodNotAllowed), Router.Match(method, target));
}
