using CioOrleans.Calls;
using CioOrleans.Client;

namespace CioOrleans.CoHosted.Tests.Client;

public sealed class PersonTests
{
    [Theory]
    [InlineData("42", "/api/v1/customers/42", "id:42", "id", "42")]
    [InlineData("Ann@Example.com", "/api/v1/customers/Ann%40Example.com", "email:ann@example.com", "email", "Ann@Example.com")]
    [InlineData("cio_a300", "/api/v1/customers/cio_a300", "cio:a300", "cio_id", "a300")]
    [InlineData("a b/c+d@x.com%é", "/api/v1/customers/a%20b%2Fc%2Bd%40x.com%25%C3%A9", "email:a b/c+d@x.com%é", "email", "a b/c+d@x.com%é")]
    [InlineData("?#&=:", "/api/v1/customers/%3F%23%26%3D%3A", "id:?#&=:", "id", "?#&=:")]
    [InlineData("日本", "/api/v1/customers/%E6%97%A5%E6%9C%AC", "id:日本", "id", "日本")]
    [InlineData("a.b-c_d~e", "/api/v1/customers/a.b-c_d~e", "id:a.b-c_d~e", "id", "a.b-c_d~e")]
    public void A_person_is_guessed_by_the_shape_of_what_names_them(string identifier, string target, string key, string member, string value)
    {
        var person = Person.FromPathValue(identifier);

        Assert.Equal(target, TrackTarget.Customer(person));
        Assert.Equal(key, person.Key);
        Assert.Equal((member, value), person.MergeIdentifier);
    }

    [Theory]
    [InlineData("a300")]
    [InlineData("cio_a300")]
    public void A_cio_id_needs_no_prefix(string cioId) => Assert.Equal(Person.FromPathValue("cio_a300"), Person.FromCioId(cioId));

    [Fact]
    public void An_email_address_is_a_path_value_like_any_other() => Assert.Equal(Person.FromPathValue("a@x.com"), Person.FromEmail("a@x.com"));

    [Theory]
    [InlineData("42")]
    [InlineData("cio_a@x.com")]
    public void What_would_be_taken_for_an_id_is_no_email_address(string email)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Person.FromEmail(email));

        Assert.Equal(
            "Customer.io takes it for an id or a cio_id: an e-mail address holds an @ and does not start with cio_. (Parameter 'email')", refusal.Message);
    }

    [Theory]
    [InlineData(".", "'.' cannot be named in a path. Use another identifier.")]
    [InlineData("..", "'..' cannot be named in a path. Use another identifier.")]
    [InlineData("a\0b", "The identifier holds a NUL character. Leave it out.")]
    public void What_cannot_stand_in_a_path_or_in_the_outbox_is_refused(string identifier, string message)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Person.FromPathValue(identifier));

        Assert.Equal($"{message} (Parameter 'identifier')", refusal.Message);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Person.FromPathValue("a\ud83d"));

        Assert.Equal("The identifier holds half of a surrogate pair. Use whole characters. (Parameter 'identifier')", refusal.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData(null)]
    public void A_blank_identifier_is_refused(string? identifier) =>
        Assert.Equal("identifier", Assert.ThrowsAny<ArgumentException>(() => Person.FromPathValue(identifier!)).ParamName);

    [Fact]
    public void An_identifier_may_have_as_many_bytes_of_utf8_as_customer_io_takes()
    {
        var longest = new string('é', CallLimits.MaxPersonBytes / 2);

        Assert.Equal(longest, Person.FromPathValue(longest).PathValue);
        var refusal = Assert.Throws<ArgumentException>(() => Person.FromPathValue(longest + "a"));
        Assert.Equal("The identifier is longer than 150 bytes. Use a shorter one. (Parameter 'identifier')", refusal.Message);
    }
}
