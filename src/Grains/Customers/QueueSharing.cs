using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Grains.Customers;

/// <summary>
/// Which customers share a queue. The outbox keeps a row for every queue that there ever was, as the fence of its sequences, and visitors and
/// deliveries never end: so each kind shares a fixed number of queues. Calls of one visitor always go to the same queue and keep
/// their order. Which queue that is depends on a secret: nobody can choose ids that crowd one queue, or another visitor's.
/// </summary>
public sealed class QueueSharing
{
    private const string SecretName = "queues";
    private const int SecretBytes = 32;
    private const int AnonymousQueues = 4_096;
    private const int DeliveryQueues = 1_024;

    private static readonly string _anonymous = CustomerKey.FromAnonymousId(string.Empty);
    private static readonly string _delivery = CustomerKey.FromDelivery(string.Empty);

    private byte[]? _secret;

    /// <summary>Reads the secret, and makes it if there is none yet: all silos on one database have the same.</summary>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public async Task OpenAsync(IWorkspaceStateStore store, CancellationToken cancellation) =>
        _secret = await StoredSecret.ReadOrMakeAsync(store, SecretName, SecretBytes, cancellation);

    /// <summary>The key of the queue that a customer shares with others; null where it has a queue of its own.</summary>
    public string? SharedKeyOf(CustomerAddress customer) =>
        customer.Customer.StartsWith(_anonymous, StringComparison.Ordinal) ? QueueOf(customer, "anonymous-queue:", AnonymousQueues)
        : customer.Customer.StartsWith(_delivery, StringComparison.Ordinal) ? QueueOf(customer, "delivery-queue:", DeliveryQueues)
        : null;

    private string QueueOf(CustomerAddress customer, string prefix, int queues)
    {
        var secret = _secret ?? throw new InvalidOperationException("The storage is not open.");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{customer.Workspace}\n{customer.Customer}"), hash);
        return string.Concat(prefix, (BinaryPrimitives.ReadUInt32BigEndian(hash) % queues).ToString(CultureInfo.InvariantCulture));
    }
}
