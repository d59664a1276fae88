// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// EmptyPage: what stands in place of the queue while it is empty: where to drop, what will happen
// then, and a way to try it. Not for: a filter that matches nothing (the queue view says that).

#include <QWidget>

class QLabel;
class QPushButton;

namespace sendoff::ui {

class EmptyPage : public QWidget {
    Q_OBJECT

public:
    explicit EmptyPage(QWidget *parent = nullptr);

    // RecipeBar::sentence().
    void setRecipeSentence(const QString &sentence);
    // While something is dragged over the window: what releasing it does; empty = nothing is.
    void setDragText(const QString &text);

Q_SIGNALS:
    void addWanted();
    void sampleWanted();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showTexts();
    void showFonts();

    QString m_sentence;
    QString m_dragText;
    QWidget *m_card;
    QLabel *m_picture;
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_add;
    QPushButton *m_sample;
};

} // namespace sendoff::ui
