using System.Security.Cryptography;
using CioOrleans.Addressing;
using CioOrleans.Customers;
using CioOrleans.Imports;
using CioOrleans.Testing;
using CsCheck;

namespace CioOrleans.Grains;

public sealed class GrainKeysTests
{
    private static readonly byte[] _secret = RandomNumberGenerator.GetBytes(GrainKeys.SecretBytes);

    private readonly GrainKeys _keys = With(_secret);

    [Fact]
    public void Whatever_a_customer_is_called_its_key_is_plain_and_leads_back_to_it() =>
        Gen.String[Gen.Char, 0, 400].Sample(name =>
        {
            var address = new CustomerAddress("acme", name);
            var key = _keys.Of(address);

            Assert.Matches(@"\Aacme/[0-9a-f]{16}/[!-~]*\z", key);
            if (name.Length > 0)
            {
                Assert.Equal(address, _keys.ReadCustomer(key));
            }
        });

    [Fact]
    public void Names_that_differ_in_workspace_or_name_have_different_tags()
    {
        CustomerAddress[] addresses = [new("a", "b/c"), new("a", "b"), new("b", "b"), new("ab", "c"), new("a", "\ud800"), new("a", "\ud801"), new("a", "%d800"), new("a", new string('x', 300)), new("a", new string('x', 301))];

        Assert.Equal(addresses.Length, addresses.Select(address => _keys.Of(address).Split('/')[1]).Distinct().Count());
    }

    [Fact]
    public void Every_process_with_the_secret_makes_the_same_keys_and_one_with_another_secret_does_not()
    {
        var address = new CustomerAddress("acme", "id:42");
        var same = With(_keys.Secret.Span);
        var other = With(RandomNumberGenerator.GetBytes(GrainKeys.SecretBytes));

        Assert.Equal(_keys.Of(address), same.Of(address));
        Assert.NotEqual(_keys.Of(address), other.Of(address));
        Assert.Equal("acme", Assert.Throws<WrongGrainKeyException>(() => other.ReadCustomer(_keys.Of(address))).Workspace);
    }

    [Theory]
    [InlineData("acme/id:42")]
    [InlineData("acme/0123456789abcdef/id:42")]
    [InlineData("acme/0123456789abcdef")]
    [InlineData("acme/")]
    [InlineData("acme")]
    [InlineData("")]
    public void A_key_without_the_right_tag_is_refused(string key)
    {
        Assert.Throws<WrongGrainKeyException>(() => _keys.ReadCustomer(key));
        Assert.Throws<WrongGrainKeyException>(() => _keys.ReadImport(key));
    }

    [Fact]
    public void A_tag_is_good_for_one_name_alone()
    {
        var key = _keys.Of(new CustomerAddress("acme", "id:42"));

        Assert.Throws<WrongGrainKeyException>(() => _keys.ReadCustomer(key + "0"));
        Assert.Throws<WrongGrainKeyException>(() => _keys.ReadCustomer(key.Replace("acme", "acmf", StringComparison.Ordinal)));
        Assert.Throws<WrongGrainKeyException>(() => _keys.ReadCustomer(key.ToUpperInvariant()));
    }

    [Fact]
    public void An_imports_key_leads_back_to_it()
    {
        var import = new ImportAddress("acme", Ulid.NewUlid());

        Assert.Equal(import, _keys.ReadImport(_keys.Of(import)));
    }

    [Fact]
    public void A_secret_that_changes_changes_the_keys_at_once_and_the_same_again_changes_nothing()
    {
        using var keys = new GrainKeys();
        var address = new CustomerAddress("acme", "id:42");
        Assert.False(keys.IsKnown);
        Assert.Throws<InvalidOperationException>(() => keys.Of(address));
        Assert.Throws<ArgumentException>(() => keys.Use([1, 2, 3]));

        keys.Use(_secret);
        Assert.Equal(_keys.Of(address), keys.Of(address));
        keys.Use(_secret);
        Assert.Equal(_keys.Of(address), keys.Of(address));
        keys.Use(RandomNumberGenerator.GetBytes(GrainKeys.SecretBytes));
        Assert.NotEqual(_keys.Of(address), keys.Of(address));
    }

    /// <summary>20,000 ids that all had one hash as grain keys without a tag, and without a tag that differs for each.</summary>
    [Theory]
    [InlineData("delivery:")]
    [InlineData("id:")]
    public void Names_that_were_chosen_for_one_hash_are_spread_like_any_others(string kind)
    {
        const int count = 20_000;
        var constant = "acme/" + new string('0', 16) + "/";
        foreach (var prefix in new[] { "acme/", constant })
        {
            var padded = prefix + kind;
            padded += new string('x', (16 - (padded.Length % 16)) % 16);
            var names = HashTwins.Behind(padded).Take(count).ToArray();
            Assert.Equal(count, names.Distinct().Count());
            Assert.Single(names.Select(name => IdSpan.Create(name).GetHashCode()).Distinct());

            var hashes = names.Select(name => (uint)IdSpan.Create(_keys.Of(new CustomerAddress("acme", name[prefix.Length..]))).GetHashCode()).ToArray();

            // Of 20,000 random numbers of 32 bits 0.05 pairs agree; in 1,024 buckets 19.5 each are expected, with a deviation of 4.4.
            Assert.InRange(hashes.Distinct().Count(), count - 5, count);
            Assert.InRange(hashes.GroupBy(hash => hash % 1_024).Max(bucket => bucket.Count()), 20, 19.5 + (8 * 4.4));
        }
    }

    [Fact]
    public void Imports_whose_ids_have_one_hash_code_are_spread()
    {
        // A ULID's hash code is the exclusive or of its four words.
        var ids = Enumerable.Range(1, 20_000).Select(i => new Ulid([.. BitConverter.GetBytes(i), .. BitConverter.GetBytes(i), .. new byte[8]])).ToArray();
        Assert.Single(ids.Select(id => id.GetHashCode()).Distinct());

        Assert.InRange(ids.Select(id => new ImportAddress("acme", id).GetHashCode()).Distinct().Count(), ids.Length - 5, ids.Length);
    }

    private static GrainKeys With(ReadOnlySpan<byte> secret)
    {
        var keys = new GrainKeys();
        keys.Use(secret);
        return keys;
    }
}
