using System.Text.Json;
using CioOrleans.Customers;

namespace CioOrleans.Api.Admin;

/// <summary>A dead letter that holds its customer's queue.</summary>
internal sealed record HeldAnswer(string Id, string Kind, string Reason, DateTimeOffset DiedAt)
{
    public static HeldAnswer Of(HeldCall held) => new(held.Id.ToString(), JsonNamingPolicy.KebabCaseLower.ConvertName(held.Kind.ToString()), held.Reason, held.DiedAt);
}

/// <summary>A customer whose queue a dead letter holds.</summary>
internal sealed record HeldCustomerAnswer(string Customer, HeldAnswer Held);

/// <summary>A page of the customers whose queues a dead letter holds. The next page starts with <c>after</c> set to <c>next</c>, which is null on the last page.</summary>
internal sealed record HeldCustomerList(IReadOnlyList<HeldCustomerAnswer> Customers, string? Next)
{
    public static HeldCustomerList Of(HeldCustomerPage page) => new([.. page.Customers.Select(held => new HeldCustomerAnswer(held.Customer, HeldAnswer.Of(held.Call)))], page.Next);
}
