using System.Text;
using CioOrleans.Api.Authentication;
using CsCheck;

namespace CioOrleans.Api.Tests.Authentication;

public sealed class BasicCredentialsTests
{
    [Fact]
    public void Any_credentials_are_read_in_either_alphabet_padded_or_not() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 40], Gen.String[0, 40].Where(IsText)).Sample((user, password) =>
        {
            var standard = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
            var urlSafe = standard.Replace('+', '-').Replace('/', '_');
            foreach (var encoded in new[] { standard, standard.TrimEnd('='), urlSafe, urlSafe.TrimEnd('=') })
            {
                Assert.Equal((user, password), Read($"basic {encoded}"));
            }
        });

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic c2l0ZQ==")]
    [InlineData("Basic %%%")]
    [InlineData("Basic /////w==")]
    [InlineData("Digest c2l0ZTprZXk=")]
    public void What_is_no_pair_of_user_and_password_is_not_read(string header) => Assert.Null(Read(header));

    [Fact]
    public void A_header_of_absurd_length_is_not_read() => Assert.Null(Read("Basic " + new string('A', 2000)));

    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static (string User, string Password)? Read(string header)
    {
        var buffer = new char[BasicCredentials.MaxHeaderLength];
        return BasicCredentials.TryRead(header, buffer, out var credentials) ? (credentials.User.ToString(), credentials.Password.ToString()) : null;
    }
}
