using System.Text;
using CioOrleans.Calls;

namespace CioOrleans.Api.Tests.Http;

public sealed record HandedOver(string Workspace, string Customer, Call Call)
{
    public string Body => Encoding.UTF8.GetString(Call.Body);
}
