<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AddWords</name>
    <message numerus="yes">
        <source>Add %n video(s)</source>
        <translation>
            <numerusform>Add %n video</numerusform>
            <numerusform>Add %n videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DropWords</name>
    <message numerus="yes">
        <source>Release to look for videos in %n file(s)</source>
        <translation>
            <numerusform>Release to look for videos in %n file</numerusform>
            <numerusform>Release to look for videos in %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release to add the videos of %n folder(s)</source>
        <translation>
            <numerusform>Release to add the videos of %n folder</numerusform>
            <numerusform>Release to add the videos of %n folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release to add %n video(s)</source>
        <translation>
            <numerusform>Release to add %n video</numerusform>
            <numerusform>Release to add %n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n video(s)</source>
        <translation>
            <numerusform>%n video</numerusform>
            <numerusform>%n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the videos of %n folder(s)</source>
        <translation>
            <numerusform>the videos of %n folder</numerusform>
            <numerusform>the videos of %n folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n is/are not a video)</source>
        <extracomment>%1 is &quot;Release to add 4 videos&quot;</extracomment>
        <translation>
            <numerusform>%1 (%n is not a video)</numerusform>
            <numerusform>%1 (%n are not videos)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticeWords</name>
    <message numerus="yes">
        <source>%n upload(s) wait(s) and will go on by itself.</source>
        <translation>
            <numerusform>%n upload waits and will go on by itself.</numerusform>
            <numerusform>%n uploads wait and will go on by themselves.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restored %n video(s).</source>
        <translation>
            <numerusform>Restored %n video.</numerusform>
            <numerusform>Restored %n videos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n export(s) go(es) on from the last segment.</source>
        <translation>
            <numerusform>%n export goes on from its last segment.</numerusform>
            <numerusform>%n exports go on from their last segments.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n video(s) wait(s) for you, because Sendoff stopped twice while it was at work on them.</source>
        <translation>
            <numerusform>%n video waits for you, because Sendoff stopped twice while it was at work on it.</numerusform>
            <numerusform>%n videos wait for you, because Sendoff stopped twice while it was at work on them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n upload(s) go(es) on where it was.</source>
        <translation>
            <numerusform>%n upload goes on where it was.</numerusform>
            <numerusform>%n uploads go on where they were.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueUndo</name>
    <message numerus="yes">
        <source>Pause %n videos</source>
        <translation>
            <numerusform>Pause %n video</numerusform>
            <numerusform>Pause %n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Resume %n videos</source>
        <translation>
            <numerusform>Resume %n video</numerusform>
            <numerusform>Resume %n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n videos</source>
        <translation>
            <numerusform>Cancel %n video</numerusform>
            <numerusform>Cancel %n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n videos</source>
        <translation>
            <numerusform>Remove %n video</numerusform>
            <numerusform>Remove %n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n videos</source>
        <translation>
            <numerusform>Move %n video</numerusform>
            <numerusform>Move %n videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change recipe of %n videos</source>
        <translation>
            <numerusform>Change recipe of %n video</numerusform>
            <numerusform>Change recipe of %n videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueWords</name>
    <message numerus="yes">
        <source>%n need(s) attention</source>
        <translation>
            <numerusform>%n needs attention</numerusform>
            <numerusform>%n need attention</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n video(s) done</source>
        <translation>
            <numerusform>%n video done</numerusform>
            <numerusform>%n videos done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n video(s) waiting</source>
        <translation>
            <numerusform>%n video waiting</numerusform>
            <numerusform>%n videos waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n export(s) start again (about %1 of work).</source>
        <extracomment>%1 is a duration: &quot;40 s&quot;</extracomment>
        <translation>
            <numerusform>%n export starts again (about %1 of work).</numerusform>
            <numerusform>%n exports start again (about %1 of work).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n upload(s) continue where they are.</source>
        <translation>
            <numerusform>%n upload continues where it is.</numerusform>
            <numerusform>%n uploads continue where they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Recipe</name>
    <message numerus="yes">
        <source>%1 and %n others</source>
        <extracomment>Three or more destinations of one video: the first by name, the others as a number.</extracomment>
        <translation>
            <numerusform>%1 and %n other</numerusform>
            <numerusform>%1 and %n others</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RowText</name>
    <message numerus="yes">
        <source>Done · %1 · %n links ready</source>
        <extracomment>%1 is the size of the result, %n the number of links that can be copied.</extracomment>
        <translation>
            <numerusform>Done · %1 · %n link ready</numerusform>
            <numerusform>Done · %1 · %n links ready</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sendoff::ui::Adding</name>
    <message numerus="yes">
        <source>Looking in “%1” … %n video(s) found</source>
        <extracomment>%1 is a folder&apos;s name</extracomment>
        <translation>
            <numerusform>Looking in “%1” … %n video found</numerusform>
            <numerusform>Looking in “%1” … %n videos found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n video(s) (%1)?</source>
        <extracomment>%1 is a size: &quot;96 GB&quot;</extracomment>
        <translation>
            <numerusform>Add %n video (%1)?</numerusform>
            <numerusform>Add %n videos (%1)?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Added %n video(s).</source>
        <translation>
            <numerusform>Added %n video.</numerusform>
            <numerusform>Added %n videos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n video(s) are already in the queue.</source>
        <translation>
            <numerusform>%n video is already in the queue.</numerusform>
            <numerusform>%n videos are already in the queue.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are not videos and were not added.</source>
        <translation>
            <numerusform>%n file is not a video and was not added.</numerusform>
            <numerusform>%n files are not videos and were not added.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not added: %1 and %n more.</source>
        <translation>
            <numerusform>Not added: %1 and %n more.</numerusform>
            <numerusform>Not added: %1 and %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sendoff::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n video(s)</source>
        <translation>
            <numerusform>%n video</numerusform>
            <numerusform>%n videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sendoff::ui::RecipeDialog</name>
    <message numerus="yes">
        <source>For %n video(s) that have not begun.</source>
        <translation>
            <numerusform>For %n video that has not begun.</numerusform>
            <numerusform>For %n videos that have not begun.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n video(s); those that have begun keep their recipe.</source>
        <translation>
            <numerusform>For %n video; those that have begun keep their recipe.</numerusform>
            <numerusform>For %n videos; those that have begun keep their recipe.</numerusform>
        </translation>
    </message>
</context>
</TS>
