using System.Globalization;
using CioOrleans.Api.App;
using CioOrleans.Customers;

namespace CioOrleans.Api.Tests.App;

public sealed class SendReceiptTests
{
    private static readonly Ulid _id = Ulid.Parse("01JZ8Q4M5T3W9V7X2Y6ZABCDEF", CultureInfo.InvariantCulture);

    [Fact]
    public void The_queue_of_a_send_without_order_follows_from_its_id_for_good() => Assert.Equal("send:207", CustomerKey.ForSend(_id));

    [Theory]
    [InlineData("send:207", "01JZ8Q4M5T3W9V7X2Y6ZABCDEF")]
    [InlineData("id:a/b ü", "01JZ8Q4M5T3W9V7X2Y6ZABCDEF.aWQ6YS9iIMO8")]
    public void A_receipt_says_where_to_look(string customer, string text)
    {
        var receipt = new SendReceipt(_id, customer);

        Assert.Equal(text, receipt.ToString());
        Assert.True(SendReceipt.TryParse(text, out var read));
        Assert.Equal(receipt, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01JZ")]
    [InlineData("01JZ8Q4M5T3W9V7X2Y6ZABCDEF.")]
    [InlineData("01JZ8Q4M5T3W9V7X2Y6ZABCDEF.%")]
    public void What_is_no_receipt_is_not_taken_for_one(string text) => Assert.False(SendReceipt.TryParse(text, out _));
}
