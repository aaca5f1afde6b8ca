package doppio.internal;

import doppio.Generator;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Softmax;
import doppio.optim.Optimizer;
import doppio.optim.SGD;

/** Makes the mistake that its argument names, twice, or what only looks like one. */
final class AdviceProgram {
  private final Generator generator = new Generator(7);
  private final Dataset data =
      new Dataset(Tensor.zeros(12, 3), Tensor.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2));
  private final Sequential model =
      new Sequential(new Linear(3, 5, generator), new ReLU(), new Linear(5, 3, generator));

  private AdviceProgram() {
    generator.normal(data.inputs().data(), 0, 1);
  }

  public static void main(String[] args) throws InterruptedException {
    for (int time = 0; time < 2; time++) {
      AdviceProgram program = new AdviceProgram();
      switch (args[0]) {
        case "softmax" -> program.train(program.withSoftmax(), new CrossEntropy(), 1, 1);
        case "zeroGrad" -> program.train(program.model, new CrossEntropy(), 10, 10);
        case "evaluation" -> program.evaluate(21);
        case "loader" -> expectNone(new DataLoader(program.data, 13).dropLast(true));
        case "none" -> program.nothingWrong();
        case "exit" -> {
          Advice.NO_BATCH.give();
          Thread.sleep(Integer.parseInt(args[1]));
          System.exit(0);
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
  }

  private static void expectNone(DataLoader loader) {
    for (Batch batch : loader) {
      throw new AssertionError(batch);
    }
  }

  private Sequential withSoftmax() {
    return new Sequential(model, new Softmax());
  }

  private void train(Sequential network, Loss loss, int steps, int clearEvery) {
    Optimizer optimizer = new SGD(network.parameters(), 1e-3);
    for (int step = 0; step < steps; step++) {
      if (step % clearEvery == 0) {
        network.zeroGrad();
      }
      loss.forward(network.forward(data.inputs()), data.targets());
      network.accumulateGradients(loss.backward());
      optimizer.step();
    }
  }

  private void evaluate(int times) {
    for (int i = 0; i < times; i++) {
      model.forward(data.inputs());
    }
  }

  private void nothingWrong() {
    train(model, new CrossEntropy(), 50, 1);
    // Nine steps on one sum, then a new one.
    train(model, new CrossEntropy(), 45, 9);
    evaluate(19);
    train(model, new CrossEntropy(), 1, 1);
    evaluate(19);
    train(model, new CrossEntropy(), 1, 1);
    model.eval();
    evaluate(100);
    model.train();
    Sequential softmax = withSoftmax();
    Loss mse = new MSE();
    mse.forward(softmax.forward(data.inputs()), data.oneHot(3).targets());
    GradientCheck.check(softmax, data.inputs());
    GradientCheck.checkTraining(new Sequential(model, new Dropout(0.5, generator)), data.inputs());
    for (Batch batch : new DataLoader(data, 5).dropLast(true)) {
      model.infer(batch.inputs());
    }
    expectNone(new DataLoader(data.subset(), 5).dropLast(true));
  }
}
