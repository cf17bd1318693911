using CioOrleans.Cli.Commands;
using CioOrleans.Cli.Output;

Console.SetOut(new TerminalWriter(Console.Out));
Console.SetError(new TerminalWriter(Console.Error));
return await CliApplication.RunAsync(args);
