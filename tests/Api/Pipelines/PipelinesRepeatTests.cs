using System.Text;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Calls;

namespace CioOrleans.Api.Tests.Pipelines;

public sealed class PipelinesRepeatTests
{
    private static readonly DuplicateKey _m1 = DuplicateKey.OfMessageId("m1"u8);

    [Fact]
    public async Task A_message_id_is_a_key_alone_and_in_a_batch()
    {
        await using var front = await PipelinesFront.StartAsync();

        await front.SendAsync("track", """{"userId":"42","event":"e","messageId":"m1"}""");
        await front.SendAsync("batch", """{"batch":[{"type":"track","userId":"42","event":"e","messageId":"m1"}]}""");
        await front.SendAsync("track", """{"userId":"42","event":"e"}""");

        Assert.Equal([[_m1], [_m1], []], front.Sink.Calls.Select(KeysOf));
    }

    [Fact]
    public async Task One_persons_calls_of_a_batch_have_one_key_unless_one_of_them_has_none()
    {
        await using var front = await PipelinesFront.StartAsync();

        await front.SendAsync("batch", Batch("m1", "m2"));
        await front.SendAsync("batch", Batch("m1", "m2"));
        await front.SendAsync("batch", Batch("m1", "m3"));
        await front.SendAsync("batch", """{"batch":[{"type":"track","userId":"42","event":"e","messageId":"m1"},{"type":"track","userId":"42","event":"e"}]}""");

        var keys = front.Sink.Calls.Select(KeysOf).ToArray();
        Assert.Equal(keys[0], keys[1]);
        Assert.Single(keys[0]);
        Assert.NotEqual(keys[0], keys[2]);
        Assert.Empty(keys[3]);

        static string Batch(params string[] ids) =>
            $$"""{"batch":[{{string.Join(',', ids.Select(id => $$"""{"type":"track","userId":"42","event":"e","messageId":"{{id}}"}"""))}}]}""";
    }

    [Fact]
    public async Task A_repeat_of_what_names_nobody_comes_to_the_same_queue()
    {
        await using var front = await PipelinesFront.StartAsync();

        for (var i = 0; i < 4; i++)
        {
            await front.SendAsync("track", Encoding.UTF8.GetBytes("""{"event":"e","messageId":"m1"}"""));
            await front.SendAsync("batch", """{"batch":[{"type":"track","event":"e","messageId":"m1"}]}""");
        }

        Assert.Equal(8, front.Sink.Calls.Count);
        Assert.Single(front.Sink.Calls.Select(call => call.Customer).Distinct());
    }

    private static List<DuplicateKey> KeysOf(HandedOver handedOver)
    {
        List<DuplicateKey> keys = [];
        foreach (var (_, key) in handedOver.Call.Notes.Keys)
        {
            keys.Add(key);
        }

        return keys;
    }
}
