namespace CioOrleans.Outbox;

/// <summary>Customer.io's answers to stored sends, kept for those who ask later.</summary>
public interface ISendResultStore
{
    /// <summary>Stores an answer; one that is there already under that id stays. Forgets what was stored before <paramref name="forgetBefore"/>.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="result">The answer.</param>
    /// <param name="forgetBefore">By <see cref="SendResult.StoredAt"/>.</param>
    ValueTask<WriteResult> StoreSendResultAsync(string workspace, Ulid id, SendResult result, DateTimeOffset forgetBefore);

    /// <summary>The answer; null where there is none of that id, or none any more.</summary>
    ValueTask<SendResult?> FindSendResultAsync(string workspace, Ulid id, CancellationToken cancellation = default);
}
