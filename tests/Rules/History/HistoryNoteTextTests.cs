using CioOrleans.Configuration;
using CioOrleans.Grains.History;
using CioOrleans.Limits;

namespace CioOrleans.Rules.Tests.History;

/// <summary>The texts are stored, so they stay as they are.</summary>
public sealed class HistoryNoteTextTests
{
    private const string Started =
        """{"$type":"started","epoch":7,"kept":"failed","tokenReturn":"afterSend","groups":[{"classes":["transactionalEmail","identify"],"limits":[{"permits":100,"window":"00:00:01"}]}],"longestRequest":"00:00:30","at":5}""";

    public static TheoryData<string> Texts => new(
        Started,
        """{"$type":"stopped","epoch":7,"at":5}""",
        """{"$type":"dropped","from":3,"count":2,"at":5}""",
        """{"$type":"deleted","at":5}""");

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_stored_note_is_read_and_written_as_the_same_text(string text) => Assert.Equal(text, HistoryNoteText.Write(HistoryNoteText.Read(text)!));

    [Fact]
    public void What_a_note_says_is_in_its_text()
    {
        var note = new HistoryNote.OwnerStarted(
            5, 7, KeptAttempts.Failed, TokenReturn.AfterSend, [new LimitGroupSettings([LimitClass.TransactionalEmail, LimitClass.Identify], [new RateLimit(100, TimeSpan.FromSeconds(1))])], TimeSpan.FromSeconds(30));

        Assert.Equal(Started, HistoryNoteText.Write(note));
    }

    [Theory]
    [InlineData("""{"$type":"unheard of","at":5}""")]
    [InlineData("""{"at":5}""")]
    [InlineData("no text of a note")]
    public void A_text_of_another_version_is_no_note(string text) => Assert.Null(HistoryNoteText.Read(text));
}
