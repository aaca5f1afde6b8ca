// Imports for a session in jshell, and a greeting that says what to try first.
import doppio.*;
import doppio.check.*;
import doppio.data.*;
import doppio.io.*;
import doppio.loss.*;
import doppio.metric.*;
import doppio.model.*;
import doppio.nn.*;
import doppio.nn.Module;
import doppio.optim.*;
import doppio.train.*;
System.out.println("Doppio. Try: var model = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10))");
System.out.println("             var digits = Digits.load().scale(1 / 16.0)");
System.out.println("             new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3)).epochs(5).callback(new ProgressBar(System.out)).fit(digits)");
System.out.println("             System.out.println(ConfusionMatrix.of(model, digits))");
