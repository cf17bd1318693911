using CioOrleans.Api.App;

namespace CioOrleans.Api.Tests.App;

public sealed class AppPathsTests
{
    [Theory]
    [InlineData("POST", "/v1/send/email", "Send")]
    [InlineData("post", "/v1/send/email", "Send")]
    [InlineData("POST", "/v1/campaigns/7/triggers", "Broadcast")]
    [InlineData("post", "/v1/campaigns/7/triggers", "Broadcast")]
    [InlineData("POST", "/v1/campaigns/a%20b%2Fc%2Bd%40x.com%25%C3%A9/triggers", "Broadcast")]
    [InlineData("POST", "/v1/campaigns/../triggers", "Protected")]
    [InlineData("GET", "/v1/campaigns/7/triggers/", "Query")]
    [InlineData("POST", "/v1/customers/a%2Fsend%2Femail/attributes", "Query")]
    [InlineData("POST", "/v1/customers/Ann%20B%2Fc@x.com/attributes", "Query")]
    [InlineData("POST", "/v1/customers/a%252Fb/attributes", "Protected")]
    [InlineData("POST", "/v1/customers/A..b/", "Protected")]
    [InlineData("POST", "/v1/newsletters/7/send", "Protected")]
    [InlineData("POST", "/v1/newsletters/%37/%73end", "Protected")]
    [InlineData("POST", "/v1/newsletters/a%2Fb/send", "Protected")]
    [InlineData("POST", "/v1/newsletters/7/schedule", "Protected")]
    [InlineData("POST", "/v1/newsletters/7/language", "Query")]
    [InlineData("POST", "/v1/newsletters", "Query")]
    [InlineData("POST", "/v1/imports", "Protected")]
    [InlineData("POST", "/v1/exports/customers", "Protected")]
    [InlineData("POST", "/v1/exports/deliveries", "Protected")]
    [InlineData("POST", "/v1/live_notifications/start", "Protected")]
    [InlineData("POST", "/v1/live_notifications/01J/update", "Protected")]
    [InlineData("POST", "/v1/what/nobody/knows", "Protected")]
    [InlineData("GET", "/v1/what/nobody/knows", "Query")]
    [InlineData("PUT", "/v1/newsletters/7/contents/8", "Query")]
    [InlineData("POST", "/v1/esp/suppression/bounces/a%2Bb%40x.com", "Query")]
    [InlineData("POST", "/v1/esp/suppression/..%2F..%2Fsend%2Femail", "HiddenSend")]
    [InlineData("POST", "/v1/esp/suppression/..%2F..%2Fnewsletters%2F7/send", "Protected")]
    [InlineData("POST", "/v1/%73end/email", "HiddenSend")]
    [InlineData("POST", "/v1/%25252573end/email", "HiddenSend")]
    [InlineData("POST", "/v1/x%252525252525252525y", "HiddenSend")]
    [InlineData("POST", "/v1/x/../send/email", "HiddenSend")]
    [InlineData("POST", "/v1/../../v1/send/email", "HiddenSend")]
    [InlineData("POST", "/v1/send/Email", "HiddenSend")]
    [InlineData("POST", "/v1/campaigns/7/triggers/", "HiddenSend")]
    [InlineData("POST", "/v1/campaigns/7//triggers", "HiddenSend")]
    public void A_path_is_what_Customer_io_may_take_it_for(string method, string path, string expected) =>
        Assert.Equal(expected, AppPaths.Find(method, path, out _).ToString());
}
