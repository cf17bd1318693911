using CioOrleans.Postgres.Outbox;
using CsCheck;

namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class StoredTextTests
{
    [Fact]
    public void Every_text_comes_back_and_none_is_stored_with_a_nul()
    {
        Gen.Char["a01\0\uE000"].Array[0, 12].Select(characters => new string(characters)).Sample(text =>
        {
            var stored = text.ToStored();
            return !stored.Contains('\0', StringComparison.Ordinal) && stored.FromStored() == text;
        });
    }
}
