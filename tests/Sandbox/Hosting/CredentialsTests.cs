namespace CioOrleans.Sandbox.Hosting;

public sealed class CredentialsTests
{
    // "site~:k~~": its base64 holds a + or / so that the URL-safe form differs, and a padding.
    private readonly Credentials _credentials = new("site~", "~k>?");

    [Theory]
    [InlineData("Basic c2l0ZX46fms+Pw==")]
    [InlineData("Basic c2l0ZX46fms-Pw==")]
    [InlineData("Basic c2l0ZX46fms+Pw")]
    [InlineData("basic c2l0ZX46fms-Pw")]
    public void Every_spelling_of_base64_is_taken(string authorization) => Assert.True(_credentials.Accept(authorization));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic ")]
    [InlineData("Basic c2l0ZTprZXk=")]
    [InlineData("Bearer c2l0ZX46fms+Pw==")]
    [InlineData("c2l0ZX46fms+Pw==")]
    public void Anything_else_is_not(string? authorization) => Assert.False(_credentials.Accept(authorization));

    [Fact]
    public void Without_a_site_id_anything_is_taken() => Assert.True(new Credentials(null, null).Accept(default));
}
