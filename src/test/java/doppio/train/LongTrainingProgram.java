package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.optim.SGD;

/** Makes ten million steps; prints how many they were and how many losses were kept. */
public final class LongTrainingProgram {
  private static final int SAMPLES = 1_000_000;

  private LongTrainingProgram() {}

  /** The argument, if there is one, is the limit of the history. */
  public static void main(String[] args) {
    Linear model = new Linear(1, 1, new Generator(1));
    Trainer trainer =
        new Trainer(model, new MSE(), new SGD(model.parameters(), 0.01))
            .epochs(10)
            .batchSize(1)
            .inOrder();
    if (args.length > 0) {
      trainer.historyLimit(Integer.parseInt(args[0]));
    }
    History history =
        trainer.fit(new Dataset(Tensor.full(1, SAMPLES, 1), Tensor.full(2, SAMPLES, 1)));
    System.out.println(trainer.training().step());
    System.out.println(history.batchLoss().length);
    System.out.println(history.batchStride());
  }
}
