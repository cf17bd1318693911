using CioOrleans.Operating;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Admin;

/// <summary>The settings of the process that answers.</summary>
internal sealed record SettingList(IReadOnlyList<SettingAnswer> Settings);

/// <summary>A setting. <c>value</c> is null for a secret, and for a setting without a value.</summary>
internal sealed record SettingAnswer(string Key, string? Value, bool IsSecret, string Source, string Meaning)
{
    public static SettingAnswer Of(EffectiveSetting setting) => new(setting.Key, setting.Value, setting.IsSecret, setting.Source, setting.Meaning);
}

/// <summary>
/// The longest queues, and those whose first call has waited longest. <c>at</c> is when they were counted: counting gets a hundredth of the time.
/// <c>isOldestComplete</c> is false if older queues may be missing, because the first 50,000 waiting calls belong to few customers.
/// </summary>
internal sealed record QueuesAnswer(DateTimeOffset At, IReadOnlyList<QueueAnswer> Longest, IReadOnlyList<QueueAnswer> Oldest, bool IsOldestComplete)
{
    public static QueuesAnswer Of(QueueList list) =>
        new(list.At, [.. list.Longest.Select(QueueAnswer.Of)], [.. list.Oldest.Select(QueueAnswer.Of)], list.IsOldestComplete);
}

/// <summary>One customer's queue.</summary>
internal sealed record QueueAnswer(string Customer, long Queued, DateTimeOffset? FirstAcceptedAt)
{
    public static QueueAnswer Of(QueueSummary queue) => new(queue.Customer, queue.Calls, queue.FirstAcceptedAt);
}

/// <summary>A page of the imports, those with the highest ids first. The next page starts with <c>after</c> set to <c>next</c>.</summary>
internal sealed record ImportListAnswer(IReadOnlyList<ImportSummaryAnswer> Imports, string? Next)
{
    public static ImportListAnswer Of(ImportList list) => new([.. list.Imports.Select(ImportSummaryAnswer.Of)], list.Next?.ToString());
}

/// <summary>The stored progress of an import; it may be a second old.</summary>
internal sealed record ImportSummaryAnswer(
    string Id, DateTimeOffset StartedAt, long? Rows, long Accepted, long Refused, long Calls, long Delivered, long DeadLetters, long Discarded)
{
    public static ImportSummaryAnswer Of(ImportSummary import) => new(
        import.Id.ToString(),
        import.StartedAt,
        import.Rows,
        import.Counts.Accepted,
        import.Counts.Refused,
        import.Counts.Calls,
        import.Counts.Delivered,
        import.Counts.DeadLetters,
        import.Counts.Discarded);
}

/// <summary>A page of the stored sends that were answered, those with the highest ids first. The next page starts with <c>after</c> set to <c>next</c>.</summary>
internal sealed record SendListAnswer(IReadOnlyList<AnsweredSendAnswer> Sends, string? Next)
{
    public static SendListAnswer Of(SendList list) => new([.. list.Sends.Select(AnsweredSendAnswer.Of)], list.Next?.ToString());
}

/// <summary>A stored send that was answered. <c>status</c> is 0 if an operator discarded it.</summary>
internal sealed record AnsweredSendAnswer(string Id, int Status, DateTimeOffset AnsweredAt)
{
    public static AnsweredSendAnswer Of(AnsweredSend send) => new(send.Id.ToString(), send.Status, send.AnsweredAt);
}

/// <summary>The stored sends that wait, the oldest first. <c>isComplete</c> is false if further ones may wait.</summary>
internal sealed record WaitingSendsAnswer(IReadOnlyList<WaitingSendAnswer> Sends, bool IsComplete)
{
    public static WaitingSendsAnswer Of(WaitingSends sends) => new([.. sends.Sends.Select(WaitingSendAnswer.Of)], sends.IsComplete);
}

/// <summary>A stored send that waits.</summary>
internal sealed record WaitingSendAnswer(string Id, string Customer, DateTimeOffset AcceptedAt)
{
    public static WaitingSendAnswer Of(WaitingSend send) => new(send.Id.ToString(), send.Customer, send.AcceptedAt);
}
