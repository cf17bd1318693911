using CioOrleans.Silo.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class AdminTests
{
    [Fact]
    public void Keys_have_names_and_roles_and_read_is_what_they_may_do_where_nothing_is_said()
    {
        var admin = Read(("ApiKey", "k0"), ("Keys:prometheus:Key", "k1"), ("Keys:ann:Key", "k2"), ("Keys:ann:Role", "operate"));

        Assert.Equal(
            [new AdminKey("ApiKey", "k0", AdminRole.Operate), new AdminKey("ann", "k2", AdminRole.Operate), new AdminKey("prometheus", "k1", AdminRole.Read)],
            admin.Keys);
    }

    [Theory]
    [InlineData("http://127.0.0.2:1")]
    [InlineData("http://[::1]:5079")]
    [InlineData("http://localhost:5079")]
    [InlineData("http://127.0.0.1:0")]
    public void A_loopback_address_needs_no_key(string url) => Assert.Equal(new Uri(url), Read(("Url", url)).Url);

    [Theory]
    [InlineData("http://0.0.0.0:5079")]
    [InlineData("http://10.1.2.3:5079")]
    [InlineData("http://[::]:5079")]
    public void Another_address_needs_a_key(string url)
    {
        Assert.Equal(["Dispatcher:Admin:ApiKey is missing: expected a key here or in Keys, because Admin:Url is not a loopback address."], Errors(("Url", url)));
        Assert.Equal(new Uri(url), Read(("Url", url), ("Keys:ann:Key", "k")).Url);
    }

    [Theory]
    [InlineData("https://127.0.0.1:5079")]
    [InlineData("http://example.com:5079")]
    [InlineData("http://localhost:0")]
    [InlineData("http://127.0.0.1:5079/admin")]
    [InlineData("5079")]
    public void What_cannot_be_listened_on_is_refused(string url) => Assert.Equal(
        [$"Dispatcher:Admin:Url = '{url}': expected http:// and an IP address or localhost, with a port, such as 'http://127.0.0.1:5079'."], Errors(("Url", url)));

    [Fact]
    public void Wrong_keys_are_refused_and_never_shown() => Assert.Equal(
        [
            "Dispatcher:Admin:Keys:ann:Key (value not shown): expected another key than 'ApiKey' has.",
            "Dispatcher:Admin:Keys:apikey is not a key's name: expected 1 to 64 of A-Z a-z 0-9 . _ - and not only dots, and not ApiKey.",
            "Dispatcher:Admin:Keys:bob:Key is missing: expected 1 to 200 visible ASCII characters.",
            "Dispatcher:Admin:Keys:bob:Role = 'Admin': expected Read or Operate.",
        ],
        Errors(("ApiKey", "secret"), ("Keys:ann:Key", "secret"), ("Keys:apikey:Key", "x"), ("Keys:bob:Role", "Admin")));

    private static AdminSettings Read(params (string Key, string? Value)[] pairs) => Reading.Valid(InAdmin(pairs)).Admin;

    private static IReadOnlyList<string> Errors(params (string Key, string? Value)[] pairs) => Reading.Errors(InAdmin(pairs));

    private static (string, string?)[] InAdmin((string Key, string? Value)[] pairs) => [.. Reading.Acme, .. pairs.Select(pair => ($"Admin:{pair.Key}", pair.Value))];
}
